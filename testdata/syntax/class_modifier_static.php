<?php
static class A { }
