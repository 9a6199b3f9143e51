<?php
class self { }
