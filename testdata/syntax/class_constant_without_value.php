<?php
class A { const B; }
