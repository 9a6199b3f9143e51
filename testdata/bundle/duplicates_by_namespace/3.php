<?php
namespace a { class x {} enum e {} }