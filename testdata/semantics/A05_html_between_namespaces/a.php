<?php
namespace Page { function title() { return 'Start'; } }
