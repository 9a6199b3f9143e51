<?php
yield#[a]
from; yield #[
from