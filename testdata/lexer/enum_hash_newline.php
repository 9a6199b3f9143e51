<?php
enum#
A {}