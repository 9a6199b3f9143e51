<?php
namespace A\list\for;
