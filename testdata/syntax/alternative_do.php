<?php
do: while ($a); enddo;
