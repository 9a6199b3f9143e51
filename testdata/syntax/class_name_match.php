<?php
class match { }
