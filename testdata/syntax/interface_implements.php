<?php
interface A implements B { }
