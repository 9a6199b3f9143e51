<?php
if () { }
