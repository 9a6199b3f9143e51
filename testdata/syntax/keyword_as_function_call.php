<?php
list();
