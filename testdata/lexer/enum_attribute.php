<?php
enum #[a]
A {}