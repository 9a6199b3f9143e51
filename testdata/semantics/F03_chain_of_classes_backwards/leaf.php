<?php
class Leaf extends Stem {}
