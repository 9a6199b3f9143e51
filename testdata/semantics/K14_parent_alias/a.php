<?php
class O {}
class_alias('O', 'P');
