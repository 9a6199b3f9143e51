<?php
class Stem extends Root {}
