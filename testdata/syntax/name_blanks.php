<?php
A \ B;
