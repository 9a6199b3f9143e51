<?php
ab $ 