<?php
new new A;
