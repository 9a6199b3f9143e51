<?php
enum extendsA {} enum implements_ {} enum extend {} enum implement {}