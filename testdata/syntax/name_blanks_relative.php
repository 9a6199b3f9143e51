<?php
namespace \ a();
