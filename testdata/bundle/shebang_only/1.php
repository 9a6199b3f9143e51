#!/bin/php
