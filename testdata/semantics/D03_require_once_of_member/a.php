<?php
class Animal {}
