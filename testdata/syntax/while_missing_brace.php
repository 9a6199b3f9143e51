<?php
while ($a) {
