<?php
eval('class Queue {}');
LOAD;
