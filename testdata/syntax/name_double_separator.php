<?php
A\\B();
