<?php
trait A extends B { }
