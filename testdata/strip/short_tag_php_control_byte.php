<?php 3;
