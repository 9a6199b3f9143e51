<?php
final enum A { }
