<?php
<<<A
