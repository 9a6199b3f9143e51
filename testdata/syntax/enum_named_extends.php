<?php
enum extends { }
