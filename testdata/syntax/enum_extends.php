<?php
enum A extends B { }
