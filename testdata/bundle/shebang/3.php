#!/usr/bin/env php
html