<?php
use
