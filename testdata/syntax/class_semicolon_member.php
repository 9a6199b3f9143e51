<?php
class A { ; }
