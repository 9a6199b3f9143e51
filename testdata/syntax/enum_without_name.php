<?php
enum { case A; }
