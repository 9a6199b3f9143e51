<?php
class A { class B { } }
