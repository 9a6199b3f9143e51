<?php
goto list;
