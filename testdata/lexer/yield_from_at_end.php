<?php
yield from