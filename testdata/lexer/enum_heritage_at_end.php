<?php
enum extends