#!/usr/bin/env php
