<?php
enum class {} enum enum {} enum \A