<?php
readonly final class A { }
