<?php
<<<A