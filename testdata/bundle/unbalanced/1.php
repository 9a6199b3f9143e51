<?php
if (1) {