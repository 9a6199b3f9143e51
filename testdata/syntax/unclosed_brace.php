<?php
function a() {
    if ($b) {
        c();

}
