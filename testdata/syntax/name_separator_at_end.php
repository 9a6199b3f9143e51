<?php
A\();
