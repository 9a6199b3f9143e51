#!/usr/bin/php
