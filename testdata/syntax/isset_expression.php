<?php
isset(f());
