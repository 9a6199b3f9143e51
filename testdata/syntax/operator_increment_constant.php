<?php
A++;
