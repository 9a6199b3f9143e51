<?php
<<<class
b
class;
