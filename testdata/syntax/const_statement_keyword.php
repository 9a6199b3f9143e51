<?php
const LIST = 1;
