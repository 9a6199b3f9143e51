<?php
enum enum { }
